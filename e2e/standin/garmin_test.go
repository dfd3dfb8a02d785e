package standin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-oauth2/oauth2/v4"
	"github.com/go-oauth2/oauth2/v4/manage"
	"github.com/go-oauth2/oauth2/v4/models"
	"github.com/go-oauth2/oauth2/v4/server"
	"github.com/go-oauth2/oauth2/v4/store"
)

const (
	clientID     = "standin-client"
	clientSecret = "standin-client-secret"
	userID       = "0123456789abcdef0123456789abcdef"
)

// standIn plays Garmin with an authorization server that Garner did not bring.
type standIn struct {
	*httptest.Server
	manager *manage.Manager
	oauth   *server.Server

	mu     sync.Mutex
	tokens []issued // in order
	pulls  []string // access tokens that data were fetched with
	calls  int      // of the token endpoint
	gone   bool     // the person disconnected
}

type issued struct{ grant, access, refresh string }

// newStandIn issues access tokens that last for lifetime.
func newStandIn(t *testing.T, redirect string, lifetime time.Duration) *standIn {
	t.Helper()
	s := &standIn{manager: manage.NewDefaultManager()}
	s.manager.SetAuthorizeCodeTokenCfg(&manage.Config{AccessTokenExp: lifetime, RefreshTokenExp: 90 * 24 * time.Hour,
		IsGenerateRefresh: true})
	s.manager.SetRefreshTokenCfg(&manage.RefreshingConfig{AccessTokenExp: lifetime, RefreshTokenExp: 90 * 24 * time.Hour,
		IsGenerateRefresh: true, IsRemoveAccess: true, IsRemoveRefreshing: true})
	s.manager.MustTokenStorage(store.NewMemoryTokenStore())
	clients := store.NewClientStore()
	if err := clients.Set(clientID, &models.Client{ID: clientID, Secret: clientSecret, Domain: redirect}); err != nil {
		t.Fatal(err)
	}
	s.manager.MapClientStorage(clients)
	// The portal compares the whole redirect URI.
	s.manager.SetValidateURIHandler(func(registered, given string) error {
		if registered != given {
			return errors.New("another redirect URI than the registered one")
		}
		return nil
	})
	s.oauth = server.NewServer(&server.Config{TokenType: "bearer", ForcePKCE: true,
		AllowedResponseTypes:        []oauth2.ResponseType{oauth2.Code},
		AllowedGrantTypes:           []oauth2.GrantType{oauth2.AuthorizationCode, oauth2.Refreshing},
		AllowedCodeChallengeMethods: []oauth2.CodeChallengeMethod{oauth2.CodeChallengeS256},
	}, s.manager)
	s.oauth.SetClientInfoHandler(server.ClientFormHandler) // never HTTP Basic
	s.oauth.SetUserAuthorizationHandler(func(http.ResponseWriter, *http.Request) (string, error) { return userID, nil })
	mux := http.NewServeMux()
	mux.HandleFunc("GET /oauth2Confirm", func(w http.ResponseWriter, r *http.Request) {
		if err := s.oauth.HandleAuthorizeRequest(w, r); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	mux.HandleFunc("POST /token", s.token)
	mux.HandleFunc("GET /wellness-api/rest/user/id", s.signed(func(w http.ResponseWriter, _ string) {
		s.json(w, map[string]string{"userId": userID})
	}))
	mux.HandleFunc("GET /wellness-api/rest/user/permissions", s.signed(func(w http.ResponseWriter, _ string) {
		s.json(w, map[string][]string{"permissions": {"HEALTH_EXPORT", "ACTIVITY_EXPORT"}})
	}))
	mux.HandleFunc("GET /wellness-api/rest/dailies", s.signed(func(w http.ResponseWriter, access string) {
		s.mu.Lock()
		s.pulls = append(s.pulls, access)
		n := len(s.pulls)
		s.mu.Unlock()
		s.json(w, []map[string]any{{"summaryId": fmt.Sprintf("x%d", n), "calendarDate": fmt.Sprintf("2026-11-%02d", n),
			"startTimeInSeconds": 1793491200 + 86400*n, "startTimeOffsetInSeconds": 0, "durationInSeconds": 86400,
			"steps": 1000 + n}})
	}))
	mux.HandleFunc("DELETE /wellness-api/rest/user/registration", s.signed(func(w http.ResponseWriter, _ string) {
		s.mu.Lock()
		s.gone = true
		s.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	}))
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// token issues tokens, and writes down which.
func (s *standIn) token(w http.ResponseWriter, r *http.Request) {
	rec := httptest.NewRecorder()
	if err := s.oauth.HandleTokenRequest(rec, r); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var answer map[string]any
	s.mu.Lock()
	s.calls++
	if rec.Code == http.StatusOK && json.Unmarshal(rec.Body.Bytes(), &answer) == nil {
		s.tokens = append(s.tokens, issued{r.PostFormValue("grant_type"), fmt.Sprint(answer["access_token"]),
			fmt.Sprint(answer["refresh_token"])})
		answer["refresh_token_expires_in"] = 7775998
		rec.Body.Reset()
		if err := json.NewEncoder(rec.Body).Encode(answer); err != nil {
			panic(err) // a map of plain values
		}
	}
	s.mu.Unlock()
	for name, values := range rec.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes()) // the client may be gone
}

// signed lets only requests with a valid access token through.
func (s *standIn) signed(next func(w http.ResponseWriter, access string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		info, err := s.oauth.ValidationBearerToken(r)
		if err != nil || info.GetUserID() != userID {
			http.Error(w, `{"errorMessage":"Token is not active"}`, http.StatusUnauthorized)
			return
		}
		next(w, info.GetAccess())
	}
}

func (s *standIn) json(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}

// revoke ends the newest tokens.
func (s *standIn) revoke(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	last := s.tokens[len(s.tokens)-1]
	s.mu.Unlock()
	if err := errors.Join(s.manager.RemoveAccessToken(context.Background(), last.access),
		s.manager.RemoveRefreshToken(context.Background(), last.refresh)); err != nil {
		t.Fatal(err)
	}
}

func (s *standIn) seen() (tokens []issued, pulls []string, calls int, gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]issued{}, s.tokens...), append([]string{}, s.pulls...), s.calls, s.gone
}

// ping is the body of a ping for this origin.
func (s *standIn) ping(n int) string {
	at := 1793491200 + 3600*n
	q := url.Values{"uploadStartTimeInSeconds": {fmt.Sprint(at)}, "uploadEndTimeInSeconds": {fmt.Sprint(at + 60)},
		"token": {fmt.Sprintf("pull%d", n)}}
	body, err := json.Marshal(map[string]any{"dailies": []any{map[string]string{"userId": userID,
		"callbackURL": s.URL + "/wellness-api/rest/dailies?" + q.Encode()}}})
	if err != nil {
		panic(err) // a map of texts
	}
	return string(body)
}
