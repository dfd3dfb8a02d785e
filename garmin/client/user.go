package client

import (
	"context"
	"net/http"

	"garner/garmin"
	"garner/garmin/element"
)

// mostID is how many bytes a user id may have.
const mostID = 128

// UserID asks for Garmin's id of the person (GET user/id).
func (c *Client) UserID(ctx context.Context, cred Credential) (string, error) {
	v, err := c.ask(ctx, cred, "user/id")
	if err != nil {
		return "", err
	}
	id := text(v.Get("userId"))
	if id == "" || len(id) > mostID {
		return "", &callError{text: "Garmin's answer names no user id", sent: true}
	}
	return id, nil
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
			return names, nil
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
	v, err := readJSON(a.body)
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
