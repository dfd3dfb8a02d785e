package jobs

import "garner/garmin"

// owner is the person named by a body next to its lists.
type owner struct{ userID, token string }

// ownerOf assigns an element without a person to the person named by the body next
// to its lists. For that, a delivery is read at most once more, and only if an
// element needs it.
func (p *processing) ownerOf(it *garmin.Item) error {
	if it.Err != nil || it.UserID != "" || it.Token != "" {
		return nil
	}
	if p.owner == nil {
		body, err := p.again()
		if err != nil {
			return err
		}
		var found owner
		if found.userID, found.token, err = garmin.Owner(body, limits); err != nil {
			return err
		}
		p.owner = &found
	}
	it.UserID, it.Token = p.owner.userID, p.owner.token
	return nil
}
