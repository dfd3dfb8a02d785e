package health

import "time"

// NewsWithin is how old the newest of some data may be when they arrive to be a
// sign of life. Watches keep some weeks; what is older is history, in whatever
// order it comes.
const NewsWithin = 30 * 24 * time.Hour
