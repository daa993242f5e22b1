using System.Text;

namespace Blackwall.Tarpit.Http.Wire;

/// <summary>User and password of an Authorization field (RFC 7617).</summary>
internal readonly record struct BasicCredentials(string User, string Password)
{
    private const int Longest = 4096;

    /// <summary>Null: it is of another scheme, or it is no credentials.</summary>
    public static BasicCredentials? Read(string? field)
    {
        if (field is null || field.Length > Longest || !field.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        byte[] bytes = new byte[field.Length];
        if (!Convert.TryFromBase64String(field["Basic ".Length..].Trim(), bytes, out int length))
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : new BasicCredentials(text[..colon], text[(colon + 1)..]);
    }
}
