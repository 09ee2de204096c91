//! What the computer says of itself, and what is asked of it: its power, its network, its drives, its sleep.
//!
//! Apart because D-Bus and the kernel's tables stay in this room. Linux asks `UPower`, `NetworkManager`, `UDisks2` and
//! logind over the system's bus, and the kernel where drives are mounted. Another system says nothing yet, and what a system does
//! not say is no reason to hold up a backup. Leaves out what follows from an answer: the engine says that.

#[cfg(target_os = "linux")]
mod linux;
mod system;

#[cfg(not(target_os = "linux"))]
mod silent;

#[cfg(target_os = "linux")]
pub use linux::Computer;
#[cfg(not(target_os = "linux"))]
pub use silent::Computer;
pub use system::{Event, Inhibition, Inhibitor, Spot, System, Tell};
