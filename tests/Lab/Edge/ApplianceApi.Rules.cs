using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Blackwall.Lab.Edge;

/// <content>The operator's rules.</content>
public sealed partial class ApplianceApi
{
    /// <summary>Makes a rule without an end.</summary>
    /// <returns>Its id; null when the answer did not say that it is enforced and stored.</returns>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<long?> AddRuleAsync(IPAddress scope, string verdict, CancellationToken cancellation)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "rules", new JsonObject { ["scope"] = scope.ToString(), ["verdict"] = verdict }, cancellation);
        return status == (int)HttpStatusCode.Created && (bool?)body["enforced"] == true && (bool?)body["stored"] == true ? (long?)body["id"] : null;
    }

    /// <summary>Removes a rule.</summary>
    /// <returns>True: the answer said that it is gone from kernel and disk.</returns>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<bool> RemoveRuleAsync(long rule, CancellationToken cancellation)
    {
        using var answer = await _http.DeleteAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"rules/{rule}"), UriKind.Relative), cancellation);
        return answer.StatusCode == HttpStatusCode.NoContent;
    }
}
