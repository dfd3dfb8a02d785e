package api

import "garner/garmin"

// types is the data dictionary.
func (r *request) types() (any, error) {
	return list[garmin.DictionaryEntry]{Data: garmin.Dictionary()}, nil
}
