package server

import (
	"net/http"

	"github.com/gorilla/mux"
)

func (s *Server) pageRoutes(*mux.Router) {}

func (s *Server) notFound(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "Not found.", http.StatusNotFound)
}

func (s *Server) methodNotAllowed(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "Not that way.", http.StatusMethodNotAllowed)
}
