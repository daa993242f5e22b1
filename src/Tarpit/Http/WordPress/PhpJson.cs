using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>JSON as json_encode of PHP writes it: slashes and all that is not ASCII escaped.</summary>
internal static class PhpJson
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(JsonNode? node)
    {
        string json = node?.ToJsonString(Options) ?? "null";
        StringBuilder text = new(json.Length + 64);
        foreach (char c in json)
        {
            _ = c switch
            {
                '/' => text.Append("\\/"),
                > '~' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        return text.ToString();
    }
}
