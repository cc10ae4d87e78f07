// While the copy is made or the other side is at work, the page looks again.
setTimeout(() => location.reload(), 1200)
