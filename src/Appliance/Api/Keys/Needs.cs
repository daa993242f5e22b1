namespace Blackwall.Api.Keys;

/// <summary>Endpoint metadata: the scope that a caller's key must have. Without it an endpoint needs <see cref="Keys.Scopes.Admin"/>.</summary>
internal sealed record Needs(Scopes Scope);
