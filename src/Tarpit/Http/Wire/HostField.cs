namespace Blackwall.Tarpit.Http.Wire;

/// <summary>A Host field, or the authority of an absolute target, read as httpd reads it (server/vhost.c).</summary>
/// <param name="Name">In lower case; an IPv6 address without its brackets.</param>
/// <param name="Port">Null: it names none.</param>
internal readonly record struct HostField(string Name, int? Port)
{
    /// <summary>Null: it is no host.</summary>
    public static HostField? Read(string text)
    {
        string name = text;
        int? port = null;
        int end = name.StartsWith('[') ? name.IndexOf(']', StringComparison.Ordinal) : name.IndexOf(':', StringComparison.Ordinal) - 1;
        if (name.StartsWith('[') && (end < 0 || !System.Net.IPAddress.TryParse(name.AsSpan(1, end - 1), out _)))
        {
            return null;
        }

        int colon = name.StartsWith('[') ? end + 1 : end == -2 ? name.Length : end + 1;
        if (colon < name.Length)
        {
            if (name[colon] != ':')
            {
                return null;
            }

            if (!ushort.TryParse(name.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out ushort number) || number == 0)
            {
                return null;
            }

            port = number;
            name = name[..colon];
        }

        return name.StartsWith('[') ? new HostField(name[1..^1].ToLowerInvariant(), port) : IsName(name) ? new HostField(name.ToLowerInvariant(), port) : null;
    }

    private static bool IsName(string name)
    {
        string bare = name.EndsWith('.') ? name[..^1] : name;
        return bare.Length > 0 && !bare.StartsWith('.') && !bare.Contains("..", StringComparison.Ordinal) && bare.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
    }
}
