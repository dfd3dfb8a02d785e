package db

import (
	"context"
	"database/sql"
	"time"
)

// Callback is the newest delivery to one callback address.
type Callback struct {
	Received time.Time
	Client   Client
}

// recentDeliveries are how many of the newest deliveries RecentCallbacks reads: it
// must not read all of a large inbox.
const recentDeliveries = 2000

// RecentCallbacks returns the newest delivery of each type that the path of a
// callback names, among the newest deliveries. What is older is missing.
func (in *InboxReader) RecentCallbacks(ctx context.Context) (map[string]Callback, error) {
	rows, err := in.f.query(ctx, `select path, client, received_ms from delivery where id in (select max(id) from delivery
		where id > (select coalesce(max(id), 0) from delivery) - ? group by path)`, recentDeliveries)
	if err != nil {
		return nil, fault(err)
	}
	out := map[string]Callback{}
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var path string
		var client int
		var received int64
		err := rows.Scan(&path, &client, &received)
		out[path] = Callback{time.UnixMilli(received), Client(client)}
		return struct{}{}, err
	})
	return out, err
}
