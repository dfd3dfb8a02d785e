package client

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"garner/garmin"
)

// RequestBackfill asks Garmin to send the records of a type again whose times lie from
// from to to, in whole seconds as given (Health API, Backfill). It returns nil if Garmin
// accepts it (202); the data come later as other deliveries do. The request is sent at
// most once.
func (c *Client) RequestBackfill(ctx context.Context, cred Credential, t *garmin.Type, from, to time.Time) error {
	if t.Backfill == "" {
		return notSent("Garmin has no backfill of " + t.Key)
	}
	_, err := c.do(ctx, cred, call{method: http.MethodGet, path: restPath + "backfill/" + t.Backfill,
		query:  fmt.Sprintf("summaryStartTimeInSeconds=%d&summaryEndTimeInSeconds=%d", from.Unix(), to.Unix()),
		within: jsonWithin, most: mostJSON, success: []int{http.StatusAccepted}})
	return err
}
