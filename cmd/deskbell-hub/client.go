package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub"
	"github.com/deskbell/deskbell/internal/wire"
)

// client administers the hub that runs on a data folder, through its socket.
type client struct {
	http *http.Client
	dir  string
}

const clientTimeout = 30 * time.Second

func newClient(cmd *cobra.Command) client {
	dir, _ := cmd.Flags().GetString("data")
	path := filepath.Join(dir, socketName)
	var d net.Dialer
	timeout := clientTimeout
	if cmd.Name() == "erase" {
		timeout = hub.LongWork
	}
	return client{dir: dir, http: &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return d.DialContext(ctx, "unix", path)
		}},
	}}
}

// do sends a request and reads its answer into out.
func (c client) do(ctx context.Context, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode the request: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://hub/admin"+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make the request: %w", err)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return c.unreachable(err)
	}
	defer answer.Body.Close()
	decoder := json.NewDecoder(answer.Body)
	if answer.StatusCode >= http.StatusBadRequest {
		var p wire.Problem
		if err := decoder.Decode(&p); err != nil {
			return fmt.Errorf("the hub answered %s: use a deskbell-hub of its version", answer.Status)
		}
		if p.Code == call.BadRequest {
			return usageError{errors.New(p.Detail)}
		}
		return errors.New(p.Detail)
	}
	if err := decoder.Decode(out); err != nil {
		return fmt.Errorf("read the hub's answer: %w: use a deskbell-hub of its version", err)
	}
	return nil
}

func (c client) unreachable(err error) error {
	switch {
	case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("no hub runs on %s: start it with 'deskbell-hub serve', or name its folder with --data", c.dir)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("you may not administer the hub on %s: run this as the user the hub runs as", c.dir)
	default:
		return fmt.Errorf("reach the hub on %s: %w", c.dir, err)
	}
}

// segment is a name as a part of a path. Dots alone would be a way to another
// place.
func segment(name string) string {
	if strings.Trim(name, ".") == "" {
		name = "'" + name + "'" // which nothing is called
	}
	return url.PathEscape(name)
}
