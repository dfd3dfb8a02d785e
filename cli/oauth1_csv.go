package cli

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"garner/db"
	"garner/jobs/connect"
)

// readBrought reads a file of people, with or without a byte order mark. Its errors
// name lines and no secrets.
func readBrought(in io.Reader) (people []connect.Brought, err error) {
	const mark = "\ufeff"
	text := bufio.NewReader(in)
	if start, err := text.Peek(len(mark)); err == nil && string(start) == mark {
		if _, err := text.Discard(len(mark)); err != nil {
			return nil, err
		}
	}
	r := csv.NewReader(text)
	r.FieldsPerRecord, r.TrimLeadingSpace = 4, true
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("read the header: %w", err)
	}
	if trimAll(header); !slices.Equal(header, []string{"name", "user_id", "token", "secret"}) {
		return nil, errors.New("the header must be name,user_id,token,secret")
	}
	lines := map[string]int{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return people, nil
		}
		if err != nil {
			return nil, err
		}
		trimAll(row)
		line, _ := r.FieldPos(0)
		if err := needsName(row[0]); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		if row[2] == "" || row[3] == "" {
			return nil, fmt.Errorf("line %d: a token and its secret are needed", line)
		}
		if before, again := lines[db.FoldName(row[0])]; again {
			return nil, fmt.Errorf("line %d: the name of line %d again; names are unique", line, before)
		}
		lines[db.FoldName(row[0])] = line
		people = append(people, connect.Brought{Name: row[0], UserID: row[1], Token: row[2], Secret: row[3]})
	}
}

func trimAll(row []string) {
	for i := range row {
		row[i] = strings.TrimSpace(row[i])
	}
}
