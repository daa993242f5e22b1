namespace Blackwall.Api.Keys;

/// <summary>Endpoint metadata: the scope that a caller's key must have; null: any key will do. Without it an endpoint needs <see cref="Keys.Scope.Admin"/>.</summary>
internal sealed record Needs(Scope? Scope);
