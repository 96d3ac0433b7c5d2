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
	timeout := clientTimeout
	if cmd.Name() == "erase" {
		timeout = hub.LongWork
	}
	if address, _ := cmd.Flags().GetString("hub"); address != "" {
		file, _ := cmd.Flags().GetString("ca-file")
		c, err := newRemote(address, file, timeout)
		c.err = err
		return c
	}
	dir, _ := cmd.Flags().GetString("data")
	return newLocal(dir, timeout)
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

// do sends a request and reads its answer into out.
func (c client) do(ctx context.Context, method, path string, in, out any) error {
	if c.err != nil {
		return c.err
	}
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode the request: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make the request: %w", err)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return c.unreachable(err)
	}
	defer answer.Body.Close()
	decoder := json.NewDecoder(answer.Body)
	if answer.StatusCode >= http.StatusMultipleChoices {
		return refusal(answer, decoder)
	}
	if err := decoder.Decode(out); err != nil {
		return fmt.Errorf("read the hub's answer: %w: use a deskbell-hub of its version", err)
	}
	return nil
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
