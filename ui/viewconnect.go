package ui

import (
	"strings"
	"time"

	"garner/health/alert"
	"garner/health/history"
	"garner/query"
)

// ConnectView asks a person to connect: the page behind an invitation.
type ConnectView struct {
	Name    string // of the person
	Expires time.Time
	// Ready means that Garner can lead to Garmin's sign-in; Missing is what is not set
	// up else.
	Ready   bool
	Missing string
	// Notice is what to know about the sign-in; empty for nothing.
	Notice string
}

// ConnectFault is a page that says why connecting did not work.
type ConnectFault struct {
	Title string
	// What are sentences: what happened, and what to do.
	What []string
	// State is that of the run to try again with; empty where that cannot help.
	State string
	// Waits means that Garmin may still answer: the page can be loaded again.
	Waits bool
}

// ConnectConfirmView shows what Garmin said before the person is linked.
type ConnectConfirmView struct {
	Name, UserID, State string
	// Known means that the Garmin account was linked to this person before.
	Known       bool
	Permissions []query.Permission
}

// ConnectDoneView is the last page. It waits for the first data.
type ConnectDoneView struct {
	Name        string
	Permissions []query.Permission
	// Ended means that the connection is no longer in force.
	Ended bool
	// Received is when the first data came; zero while they have not.
	Received time.Time
	// Account means that the person has an account to sign in with.
	Account bool
	// Next leads on for who is signed in; nil for others.
	Next *Link
}

// permissionName is what Garmin's page calls a permission.
func permissionName(p query.Permission) string {
	return capital(alert.PermissionWord(p.Name))
}

// permissionCovers says what comes with a permission.
func permissionCovers(p query.Permission) string {
	if p.Name == history.Permission {
		return "Lets Garner ask for data from before today, and for what is missing later."
	}
	var titles []string
	for _, t := range p.Types {
		titles = append(titles, t.Title)
	}
	return strings.Join(titles, ", ")
}

// permissionStatus is a permission as a lamp and a word.
func permissionStatus(p query.Permission) (Status, string) {
	switch {
	case p.Granted:
		return OK, "on"
	case p.Name == history.Permission:
		return Late, "off"
	}
	return NoData, "off"
}

// grantsData reports whether any permission that brings data is on.
func grantsData(list []query.Permission) bool {
	for _, p := range list {
		if p.Granted && len(p.Types) > 0 {
			return true
		}
	}
	return false
}
