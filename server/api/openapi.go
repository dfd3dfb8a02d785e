package api

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// document is the OpenAPI document, written when it is first needed.
var document struct {
	once sync.Once
	text []byte
	err  error
}

// Document is the OpenAPI 3.1 document of the API, made from the routes and the
// declarations of the types.
func Document() ([]byte, error) {
	document.once.Do(func() { document.text, document.err = json.MarshalIndent(openAPI(), "", " ") })
	return document.text, document.err
}

func (r *request) openapi() (any, error) {
	text, err := Document()
	return json.RawMessage(text), err
}

const aboutAPI = "Read-only access to what Garner has received from Garmin. Names and units are those of the data " +
	"dictionary and of the export; numbers are as sent. Members may be added in later versions."

func openAPI() schema {
	paths := schema{}
	for _, route := range Routes() {
		paths["/"+route.Path] = schema{"get": operation(route)}
	}
	return schema{
		"openapi":  "3.1.0",
		"info":     schema{"title": "Garner API", "version": "1", "description": aboutAPI},
		"servers":  []schema{{"url": strings.TrimSuffix(Prefix, "/")}},
		"security": []schema{{"token": []string{}}},
		"paths":    paths,
		"components": schema{
			"securitySchemes": schema{"token": schema{"type": "http", "scheme": "bearer",
				"description": "A token of the page about the API, or of garner token add."}},
			"responses": schema{"Problem": schema{"description": "A problem.",
				"content": schema{"application/problem+json": schema{"schema": ref("Problem")}}}},
			"schemas": schemas(),
		},
	}
}

// problems are the statuses of the problems of every address.
var problems = []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
	http.StatusMethodNotAllowed, http.StatusTooManyRequests, http.StatusInternalServerError,
	http.StatusServiceUnavailable}

func operation(route Route) schema {
	responses := schema{
		"200": schema{"description": route.summary, "headers": schema{"ETag": schema{"schema": textSchema,
			"description": "Identifies the answer: send it as If-None-Match the next time."}},
			"content": schema{"application/json": schema{"schema": ref(route.schema)}}},
		"304": schema{"description": "The answer is still the one of If-None-Match."},
	}
	for _, status := range problems {
		responses[strconv.Itoa(status)] = schema{"$ref": "#/components/responses/Problem"}
	}
	if route.id == changesID {
		responses[strconv.Itoa(http.StatusGone)] = schema{"$ref": "#/components/responses/Problem"}
	}
	about := route.about
	if route.Scope != anyScope {
		about = strings.TrimSpace(about + " Needs the scope " + string(route.Scope) + ".")
	}
	return schema{"operationId": route.id, "summary": route.summary, "description": about,
		"parameters": parameters(route), "responses": responses}
}

var pathParam = regexp.MustCompile(`\{(\w+)\}`)

// parameters are those of the path, and then those of the query.
func parameters(route Route) []schema {
	out := []schema{}
	for _, m := range pathParam.FindAllStringSubmatch(route.Path, -1) {
		out = append(out, pathParameter(route, m[1]))
	}
	for _, p := range route.params {
		parameter := schema{"name": p.name, "in": "query", "description": p.about, "schema": p.schema}
		if p.schema["type"] == "array" {
			parameter["style"], parameter["explode"] = "form", false
		}
		out = append(out, parameter)
	}
	return out
}

func pathParameter(route Route, name string) schema {
	of, about := textSchema, "The slug of a person."
	switch {
	case name == "name":
		of, about = enumOf(seriesNames...), "The name of a series of the type."
	case name == "type" && strings.Contains(route.Path, "{name}"):
		of, about = enumOf(seriesTypes...), "A type that has series."
	case name == "type":
		of, about = enumOf(recordTypes...), "A type."
	}
	return schema{"name": name, "in": "path", "required": true, "description": about, "schema": of}
}
