package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	return client{dir: dir, http: &http.Client{
		Timeout: clientTimeout,
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return d.DialContext(ctx, "unix", path)
		}},
	}}
}

// patient is a client for work that takes long.
func (c client) patient() client {
	c.http.Timeout = hub.LongWork
	return c
}

// do sends a request and reads its answer into out.
func (c client) do(ctx context.Context, method, path string, in, out any) error {
	body, err := c.send(ctx, method, path, in)
	if err != nil {
		return err
	}
	defer body.Close()
	if err := json.NewDecoder(body).Decode(out); err != nil {
		return fmt.Errorf("read the hub's answer: %w: use a deskbell-hub of its version", err)
	}
	return nil
}

// copy sends a request and passes its answer on as it comes. An answer that is
// broken off is an error, even though a part of it was passed on.
func (c client) copy(ctx context.Context, path string, out io.Writer) error {
	body, err := c.send(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	defer body.Close()
	if _, err := io.Copy(out, body); err != nil {
		return fmt.Errorf("the answer is not whole (%w): the hub's log may say why; try again", err)
	}
	return nil
}

// send sends a request. The body of what it answers is the caller's to close; a
// refusal is an error.
func (c client) send(ctx context.Context, method, path string, in any) (io.ReadCloser, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("encode the request: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://hub/admin"+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, c.unreachable(err)
	}
	if answer.StatusCode < http.StatusBadRequest {
		return answer.Body, nil
	}
	defer answer.Body.Close()
	var p wire.Problem
	switch err := json.NewDecoder(answer.Body).Decode(&p); {
	case err != nil:
		return nil, fmt.Errorf("the hub answered %s: use a deskbell-hub of its version", answer.Status)
	case p.Code == call.BadRequest:
		return nil, usageError{errors.New(p.Detail)}
	default:
		return nil, errors.New(p.Detail)
	}
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
