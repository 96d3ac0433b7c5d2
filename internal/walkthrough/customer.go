//go:build linux

package walkthrough

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// customerCalls has a customer call as Vidaoo's webhook tells the hub, and
// returns the call's id.
func (d *Day) customerCalls(ctx context.Context, p person) (string, error) {
	d.customers++
	session := fmt.Sprintf("day-%d", d.customers)
	return d.post(ctx, "", map[string]any{
		"session_id": session, "link": d.sessionLink + "?" + session,
		"name": p.name, "topic": p.topic, "email": p.email, "phone": p.phone, "metadata": p.metadata,
	})
}

// customerGoes has the customer of a call leave.
func (d *Day) customerGoes(ctx context.Context, id string) error {
	r, err := d.awaitCall(ctx, id, "the call", func(record) bool { return true })
	if err != nil {
		return err
	}
	_, err = d.post(ctx, "?event=ended", map[string]any{"session_id": r.Session})
	return err
}

// post sends a webhook to the queue's Receive URL.
func (d *Day) post(ctx context.Context, event string, payload map[string]any) (id string, err error) {
	body, err := json.Marshal(payload)
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.receiveURL+event, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	var answer struct{ Call struct{ ID string } }
	if err := d.ask(r, &answer); err != nil {
		return "", fmt.Errorf("the webhook: %w", err)
	}
	return answer.Call.ID, nil
}
