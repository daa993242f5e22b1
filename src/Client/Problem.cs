namespace Blackwall.Client;

/// <summary>RFC 9457.</summary>
public sealed record Problem(string? Title = null, string? Detail = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors = null, string? Type = null)
{
    /// <summary>Detail and errors in one sentence.</summary>
    public string? Sentence
    {
        get
        {
            string listed = string.Join("; ", (Errors ?? new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal))
                .SelectMany(wrong => wrong.Value.Select(error => $"{wrong.Key}: {error.TrimEnd('.')}")));
            string? told = Detail ?? Title;
            return told is null || listed.Length == 0 ? told : $"{told.TrimEnd('.')}: {listed}.";
        }
    }
}
