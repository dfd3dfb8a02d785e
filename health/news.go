package health

import "time"

// NewsWithin is how old data may be on arrival to show that the watch syncs.
// Watches keep some weeks; older data is history, regardless of the order in which
// it comes.
const NewsWithin = 30 * 24 * time.Hour
