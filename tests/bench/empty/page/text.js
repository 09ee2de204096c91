// Asked for with #changing, one text changes once a second.
if (location.hash === "#changing") {
  let seconds = 0;
  setInterval(() => {
    seconds += 1;
    document.getElementById("text").textContent = `${seconds} s`;
  }, 1000);
}
