package vidaoo

import (
	"context"
	"encoding/json"
)

// Verify asks Vidaoo whether the key is good, and returns its reply as it came.
func (c *Client) Verify(ctx context.Context) (json.RawMessage, error) {
	return c.call(ctx, call{op: Verify})
}

// accessToken is the token of auth=login. It is asked for once; [Client.signOut] forgets it.
func (c *Client) accessToken(ctx context.Context) (Key, error) {
	c.signingIn.Lock()
	token := c.token
	c.signingIn.Unlock()
	if token != "" {
		return token, nil
	}
	body, err := c.call(ctx, call{op: Login, fields: []field{
		{"email", c.settings.Of(SettingEmail)}, {"password", string(c.password)},
	}})
	if err != nil {
		return "", err
	}
	r, err := c.decode(Login, body)
	if err != nil {
		return "", err
	}
	found, missing := r.text(c.settings, SettingAccessToken)
	if missing != nil {
		return "", missing
	}
	if CheckKey(Key(found)) != nil {
		return "", r.lacks(SettingAccessToken, c.settings.paths(SettingAccessToken), "it has characters that no token has")
	}
	c.signingIn.Lock()
	defer c.signingIn.Unlock()
	c.token = Key(found)
	return c.token, nil
}

// signOut forgets the access token, which may have expired. It tells whether there was one.
func (c *Client) signOut() bool {
	c.signingIn.Lock()
	defer c.signingIn.Unlock()
	had := c.token != ""
	c.token = ""
	return had
}
