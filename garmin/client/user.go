package client

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"garner/garmin"
	"garner/garmin/element"
)

const (
	// mostID is how many bytes a user id, or the name of a permission, may have.
	mostID = 128
	// mostPermissions is how many permissions are kept. Garmin has four.
	mostPermissions = 100
)

// UserID asks for Garmin's id of the person (GET user/id).
func (c *Client) UserID(ctx context.Context, cred Credential) (string, error) {
	v, err := c.ask(ctx, cred, "user/id")
	if err != nil {
		return "", err
	}
	id := text(v.Get("userId"))
	if strange(id) {
		return "", &callError{text: "Garmin's answer names no user id", sent: true}
	}
	return id, nil
}

// strange reports whether a text is none of Garmin's ids and names. They become parts of
// addresses, lists and pages.
func strange(text string) bool {
	return text == "" || len(text) > mostID || strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune("\"'`<>&\\", r)
	})
}

// Permissions asks what the person grants (GET user/permissions), sorted. Garmin
// documents a list, and answers an object with a list.
func (c *Client) Permissions(ctx context.Context, cred Credential) ([]string, error) {
	v, err := c.ask(ctx, cred, "user/permissions")
	if err != nil {
		return nil, err
	}
	if v.Kind() == element.Array {
		v = element.NewObject([]string{"permissions"}, []element.Value{v})
	}
	if v.Get("permissions").Kind() == element.Array {
		if names, said := garmin.Permissions(v); said {
			names = slices.DeleteFunc(names, strange)
			return names[:min(len(names), mostPermissions)], nil
		}
	}
	return nil, &callError{text: "Garmin's answer names no permissions", sent: true}
}

func (c *Client) ask(ctx context.Context, cred Credential, path string) (element.Value, error) {
	a, err := c.do(ctx, cred, call{method: http.MethodGet, path: restPath + path, within: jsonWithin, most: mostJSON,
		success: []int{http.StatusOK}})
	if err != nil {
		return element.Value{}, err
	}
	v, err := readJSON(a.Body)
	if err != nil {
		return v, &callError{text: err.Error(), sent: true}
	}
	return v, nil
}

// Deregister ends the person's consent (DELETE user/registration). Garmin then sends a
// last deregistration.
func (c *Client) Deregister(ctx context.Context, cred Credential) error {
	_, err := c.do(ctx, cred, call{method: http.MethodDelete, path: restPath + "user/registration", within: jsonWithin,
		most: mostJSON, success: []int{http.StatusNoContent, http.StatusOK}})
	return err
}
