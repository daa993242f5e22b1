using System.Net;
using System.Text.Json;

namespace Blackwall.Lab.Edge;

/// <content>What is known of sources.</content>
public sealed partial class ApplianceApi
{
    /// <summary>Kind, value and label ("" where it is not known) of every fingerprint that a source showed.</summary>
    public async Task<IReadOnlyList<(string Kind, string Value, string Label)>> FingerprintsAsync(IPAddress source, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(await _http.GetStringAsync($"sources/{Uri.EscapeDataString(source.ToString())}", cancellation));
        return
        [
            .. document.RootElement.GetProperty("fingerprints").EnumerateArray()
                .Select(f => (f.GetProperty("kind").GetString() ?? "", f.GetProperty("value").GetString() ?? "", f.GetProperty("label").GetString() ?? "")),
        ];
    }
}
