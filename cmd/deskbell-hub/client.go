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

// client administers a hub: the one that runs on a data folder, through its
// socket, or one elsewhere.
type client struct {
	http        *http.Client
	base        string // the address of administration
	token       string // empty on the socket
	unreachable func(error) error
	err         error // why there is no client
}

const clientTimeout = 30 * time.Second

func newClient(cmd *cobra.Command) client {
	if address, _ := cmd.Flags().GetString("hub"); address != "" {
		file, _ := cmd.Flags().GetString("ca-file")
		c, err := newRemote(address, file, clientTimeout)
		c.err = err
		return c
	}
	dir, _ := cmd.Flags().GetString("data")
	return newLocal(dir, clientTimeout)
}

// newLocal makes a client for the hub that runs on a data folder.
func newLocal(dir string, timeout time.Duration) client {
	path := filepath.Join(dir, socketName)
	var d net.Dialer
	return client{
		base:        "http://hub/admin",
		unreachable: func(err error) error { return unreachableOn(dir, err) },
		http: &http.Client{
			Timeout: timeout,
			Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return d.DialContext(ctx, "unix", path)
			}},
		},
	}
}

// patient is a client for work that takes long.
func (c client) patient() client {
	if c.http != nil {
		c.http.Timeout = hub.LongWork
	}
	return c
}

// do sends a request and reads its answer into out.
func (c client) do(ctx context.Context, method, path string, in, out any) error {
	answer, err := c.send(ctx, method, path, in)
	if err != nil {
		return err
	}
	defer answer.Close()
	if err := json.NewDecoder(answer).Decode(out); err != nil {
		return fmt.Errorf("read the hub's answer: %w: use a deskbell-hub of its version", err)
	}
	return nil
}

// copy sends a request and passes its answer on as it comes. An answer that is
// broken off is an error, even though a part of it was passed on.
func (c client) copy(ctx context.Context, path string, out io.Writer) error {
	answer, err := c.send(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	defer answer.Close()
	if _, err := io.Copy(out, answer); err != nil {
		return fmt.Errorf("the answer is not whole (%w): the hub's log may say why; try again", err)
	}
	return nil
}

// send sends a request. The body of what it answers is the caller's to close; a
// refusal is an error.
func (c client) send(ctx context.Context, method, path string, in any) (io.ReadCloser, error) {
	if c.err != nil {
		return nil, c.err
	}
	body, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("encode the request: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, c.unreachable(err)
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		defer answer.Body.Close()
		return nil, refusal(answer, json.NewDecoder(answer.Body))
	}
	return answer.Body, nil
}

// refusal says why a hub did not do what it was asked.
func refusal(answer *http.Response, body *json.Decoder) error {
	var p wire.Problem
	if err := body.Decode(&p); err != nil || p.Detail == "" {
		return fmt.Errorf("%s answered %s, as no hub of this version does: check the address, and use a deskbell-hub of the hub's version", answer.Request.URL.Host, answer.Status)
	}
	switch p.Code {
	case call.BadRequest:
		return usageError{errors.New(p.Detail)}
	case wire.CodeUnauthorized:
		return fmt.Errorf("the hub does not know the token in %s: it is mistyped, expired or revoked; 'deskbell-hub token issue USER' makes another", tokenVariable)
	case call.Forbidden:
		return fmt.Errorf("the token in %s is not an admin's: use that of a user with the role admin", tokenVariable)
	default:
		return errors.New(p.Detail)
	}
}

// unreachableOn says why the hub on a folder can't be asked, and what to do.
func unreachableOn(dir string, err error) error {
	switch {
	case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("no hub runs on %s: start it with 'deskbell-hub serve', or name its folder with --data", dir)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("you may not administer the hub on %s: run this as the user the hub runs as", dir)
	default:
		return fmt.Errorf("reach the hub on %s: %w", dir, err)
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
