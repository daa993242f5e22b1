namespace Blackwall.Api.Problems;

/// <summary>Endpoint metadata: the endpoint reads its query by itself, as its protocol says.</summary>
internal sealed record AnyQuery;
