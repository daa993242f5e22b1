namespace Blackwall.Api.Licenses;

/// <summary>Endpoint metadata: what a licence must have for it, beside the caller's scope; null: nothing. Requests count against the limit of the key.</summary>
internal sealed record Licensed(LicensedFeature? Feature);
