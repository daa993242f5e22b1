namespace Blackwall.Classification;

/// <summary>What settings that name a model server and a model may be.</summary>
internal static class ModelAddress
{
    private const int MostNameLength = 100;

    /// <returns>What is wrong with it; null: nothing, and it is set.</returns>
    public static string? SetEndpoint(string text, Action<Uri> set)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.UserInfo.Length > 0 || url.Query.Length > 0 || !(url.Scheme is "https" || (url.Scheme is "http" && url.IsLoopback)))
        {
            return "must be an https URL, or http on loopback";
        }

        set(url);
        return null;
    }

    /// <returns>What is wrong with it; null: nothing.</returns>
    public static string? SetName(string text, Action<string> set, bool mayBeEmpty)
    {
        set(text);
        return (mayBeEmpty && text.Length == 0) || (text.Length is > 0 and <= MostNameLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '/' or '-'))
            ? null
            : "must be the name of a model: letters, digits, '.', '_', ':', '/' and '-', at most 100";
    }
}
