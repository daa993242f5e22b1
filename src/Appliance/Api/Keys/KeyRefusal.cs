namespace Blackwall.Api.Keys;

/// <summary>Why a key is not made, changed or deleted.</summary>
/// <param name="Sentence">For a person.</param>
/// <param name="Unable">The appliance cannot do it now (503), though it may be asked again; false: it will not (409).</param>
internal sealed record KeyRefusal(string Sentence, bool Unable = false);
