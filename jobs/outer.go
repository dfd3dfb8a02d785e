package jobs

import (
	"garner/garmin"
	"garner/health"
)

// fromOuter gives an element what it does not say itself and the body says next to its
// lists: the person, and of what was fetched the upload window. Where that comes after
// the element, the body is read once more, at most once for a delivery.
func (p *processing) fromOuter(it *garmin.Item) error {
	ownerless := it.UserID == "" && it.Token == ""
	windowless := p.out.Job.Source == health.Ping && it.UploadEnd == 0
	if it.Err != nil || !ownerless && !windowless {
		return nil
	}
	if p.outer == nil {
		body, err := p.again()
		if err != nil {
			return err
		}
		outer, err := garmin.FindOuter(body, limits)
		if err != nil {
			return err
		}
		p.outer = &outer
	}
	if ownerless {
		it.UserID, it.Token = p.outer.UserID, p.outer.Token
	}
	if windowless {
		it.UploadEnd = p.outer.UploadEnd
	}
	return nil
}
