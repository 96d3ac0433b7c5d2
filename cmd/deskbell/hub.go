package main

import (
	"context"

	"github.com/deskbell/deskbell/internal/agent"
	"github.com/deskbell/deskbell/internal/wire"
	"github.com/deskbell/deskbell/ui"
)

// hub is the way to a real hub.
type hub struct{}

// SignIn trades a password for a token.
func (hub) SignIn(ctx context.Context, network agent.Network, address, username, password string) (wire.SignedIn, error) {
	return network.SignIn(ctx, address, username, password)
}

// Session makes a session from a token.
func (hub) Session(options agent.Options) ui.Session { return agent.New(options) }
