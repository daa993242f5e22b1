using System.Globalization;
using System.Text;

namespace Blackwall.Intel.Stix;

/// <summary>Strings as the canonical form of JSON writes them (RFC 8785 section 3.2.2.2).</summary>
internal static class CanonicalJson
{
    public static string Text(string value)
    {
        StringBuilder text = new(value.Length + 2);
        text.Append('"');
        foreach (char letter in value)
        {
            _ = letter switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(letter),
            };
        }

        return text.Append('"').ToString();
    }
}
