package service

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"garner/garmin/simulator"
)

// Fault is one way in which a request goes wrong.
type Fault string

// The faults. Except where they say so, the request is not carried out.
const (
	NoFault     Fault = ""
	Slow        Fault = "slow"         // carried out and answered, after Faults.Delay
	ServerError Fault = "server error" // 500
	Unavailable Fault = "unavailable"  // 503
	Hang        Fault = "hang"         // no answer until the client gives up
	Redirect    Fault = "redirect"     // 302 to the same path at Faults.EvilOrigin
	Lost        Fault = "lost"         // carried out; the connection is cut before the answer
	Cut         Fault = "cut"          // carried out; the connection is cut in the middle of the answer
	Broken      Fault = "broken"       // carried out; the answer is complete for HTTP, but half of it is missing
)

// Faults say which requests go wrong, and how.
type Faults struct {
	// Pick chooses the fault of a request. It must not read the body. Nil means
	// by Share.
	Pick func(r *http.Request) Fault
	// Share is the share of requests, between 0 and 1, that get one of Kinds. The
	// same seed and order of requests give the same faults.
	Share float64
	Kinds []Fault
	// Delay is how late a slow answer is.
	Delay time.Duration
	// EvilOrigin is where Redirect leads.
	EvilOrigin string
	// PingOrigin gives the origin of the addresses in a ping, such as that of an
	// attacker; nil, or an empty result, means Config.Origin.
	PingOrigin func(d simulator.Delivery) string
}

// fault chooses what goes wrong with a request.
func (s *Service) fault(r *http.Request) Fault {
	f := &s.cfg.Faults
	if f.Pick != nil {
		return f.Pick(r)
	}
	number := s.arrived.Add(1)
	if len(f.Kinds) == 0 || s.chance(fmt.Sprint("fault", number)) >= f.Share {
		return NoFault
	}
	return f.Kinds[int(s.chance(fmt.Sprint("kind", number))*float64(len(f.Kinds)))]
}

// origin is where the addresses of a ping lead.
func (s *Service) origin(d simulator.Delivery) string {
	if f := s.cfg.Faults.PingOrigin; f != nil {
		if origin := f(d); origin != "" {
			return origin
		}
	}
	return s.cfg.Origin
}

// answer carries out a request as far as its fault lets it.
func (s *Service) answer(a *answer, r *http.Request, f Fault) {
	switch f {
	case ServerError:
		a.fail(http.StatusInternalServerError, "internal error")
	case Unavailable:
		a.fail(http.StatusServiceUnavailable, "service unavailable")
	case Redirect:
		a.redirect(s.cfg.Faults.EvilOrigin + r.URL.RequestURI())
		a.status = http.StatusFound
	case Hang:
		a.status = 0
	default:
		s.mux.ServeHTTP(a, r)
	}
}

// send writes an answer as far as its fault lets it.
func (s *Service) send(w http.ResponseWriter, r *http.Request, a *answer, f Fault) {
	body := a.body.Bytes()
	switch f {
	case Hang:
		// The server notices that the client has gone only once the body is read.
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case Lost:
		panic(http.ErrAbortHandler)
	case Cut:
		a.header.Set("Content-Length", strconv.Itoa(len(body)+1)) // an answer without a body is cut as well
		a.send(w, body[:len(body)/2])
		_ = http.NewResponseController(w).Flush() // the client may have gone
		panic(http.ErrAbortHandler)
	case Broken:
		a.send(w, body[:len(body)/2])
	case Slow:
		timer := time.NewTimer(s.cfg.Faults.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
			a.send(w, body)
		case <-r.Context().Done():
		}
	default:
		a.send(w, body)
	}
}
