package credential

import (
	"context"
	"sync"
)

// Memory keeps secrets for this run of the program only: for a person without
// a keyring, or who does not want to stay signed in.
type Memory struct {
	mu      sync.Mutex
	secrets map[string]string // by Account.String, as in a keyring
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{secrets: make(map[string]string)}
}

// Get returns the account's secret.
func (m *Memory) Get(_ context.Context, account Account) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	secret, ok := m.secrets[account.String()]
	if !ok {
		return "", &Error{Kind: NotFound, Op: Read, Account: account}
	}
	return secret, nil
}

// Set keeps the secret, in place of the one before. It never fails.
func (m *Memory) Set(_ context.Context, account Account, secret string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.secrets[account.String()] = secret
	return nil
}

// Delete forgets the account's secret.
func (m *Memory) Delete(_ context.Context, account Account) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := account.String()
	if _, ok := m.secrets[name]; !ok {
		return &Error{Kind: NotFound, Op: Forget, Account: account}
	}
	delete(m.secrets, name)
	return nil
}
