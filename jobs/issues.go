package jobs

import (
	"cmp"
	"fmt"
	"strings"

	"garner/db"
	"garner/garmin"
)

// Limits, in bytes, of what is stored in indexes next to the body.
const (
	longestID     = 200
	longestReason = 300
	longestNotice = 64 << 10
)

// longID returns what is wrong with the ids of an element's person.
func longID(it garmin.Item) string {
	switch {
	case len(it.UserID) > longestID:
		return fmt.Sprintf("its user id is longer than %d bytes", longestID)
	case len(it.Token) > longestID:
		return fmt.Sprintf("its token is longer than %d bytes", longestID)
	}
	return ""
}

// bounded cuts a reason, between characters.
func bounded(reason string) string {
	const more = "…"
	if len(reason) <= longestReason {
		return reason
	}
	return strings.ToValidUTF8(reason[:longestReason-len(more)], "") + more
}

// mostAlike is how many similar issues of a delivery have rows of their own, and
// mostIssues how many issues of any kind; the rest are only counted, so that a
// hostile body makes few rows.
const (
	mostAlike  = 100
	mostIssues = 200
)

// alike is what similar issues have in common.
type alike struct {
	kind               db.IssueKind
	typ, whose, reason string
}

// addIssue records an issue, or counts it with a similar one.
func (p *processing) addIssue(issue db.Issue) {
	issue.Reason = bounded(issue.Reason)
	if p.issues == nil {
		p.issues = map[alike][]int{}
	}
	key := alike{issue.Kind, issue.Type, cmp.Or(issue.UserID, issue.Token), issue.Reason}
	at := p.issues[key]
	if len(at) < mostAlike && len(p.out.Issues) >= mostIssues {
		issue.Type, issue.UserID, issue.Token, issue.Reason = "", "", "", db.ReasonMore
		if issue.Kind == db.Orphaned {
			issue.UserID = db.AnyUser
		}
		key = alike{kind: issue.Kind}
		at = p.issues[key]
	}
	if beyond := key == (alike{kind: issue.Kind}); len(at) == mostAlike || beyond && len(at) > 0 {
		p.out.Issues[at[len(at)-1]].Count += issue.Count
		return
	}
	p.issues[key] = append(p.issues[key], len(p.out.Issues))
	p.out.Issues = append(p.out.Issues, issue)
}
