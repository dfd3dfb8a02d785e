// Package pull asks Garmin's Personal API for the data of people who have a key: what is
// new every few minutes, what Garmin may have corrected once a day, and history backwards
// to the first day of the account. What was asked, and what came, is in a ledger in the
// store, so that nothing is asked for twice without need.
package pull
