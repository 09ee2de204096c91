//! How often Borg is asked which one it is.

use alcove_api::types::Nothing;
use alcove_store::Status;
use alcove_testkit::{FakeBorg, Script};
use alcove_tests::{House, PutClock, archive};
use jiff::{SignedDuration, Timestamp};

#[tokio::test(flavor = "multi_thread")]
async fn borg_is_asked_once_a_day_and_again_when_a_job_failed() {
    let fake = FakeBorg::new("1.4.1")
        .on("create", archive())
        .on("create", Script::new().exit(2))
        .on("create", archive());
    let clock = PutClock::default();
    let now: Timestamp = "2026-07-10T10:00:00Z".parse().unwrap();
    clock.put(now);
    let (house, borg) = House::over_fake(fake).await;
    let own = clock.clone();
    let house = house
        .restart_with(move |_, world| world.clock = std::sync::Arc::new(own.clone()))
        .await;
    let asked = || borg.calls("--version").len();
    let version = async || {
        let system = house.api.get_system(Nothing {}).await.unwrap();
        assert_eq!(system.borg.version.as_deref(), Some("1.4.1"));
    };
    version().await;
    let first = asked();
    assert_eq!(house.back_up().await.status, Status::Completed);
    version().await;
    assert_eq!(asked(), first);

    assert_eq!(house.back_up().await.status, Status::Failed);
    version().await;
    assert_eq!(asked(), first + 1, "it did not do what it should");
    assert_eq!(house.back_up().await.status, Status::Completed);
    version().await;
    assert_eq!(asked(), first + 1);

    clock.put(now + SignedDuration::from_hours(25));
    version().await;
    assert_eq!(asked(), first + 2, "a day has passed");
}
