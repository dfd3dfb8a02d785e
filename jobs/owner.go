package jobs

import "garner/garmin"

// owner is whom a body names beside its lists.
type owner struct{ userID, token string }

// ownerOf returns an element that names no one to whom the body names anywhere
// beside its lists. A delivery is read once more for that at most, and only
// where an element needs it.
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
