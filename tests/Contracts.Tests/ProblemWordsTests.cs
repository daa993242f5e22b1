using System.Text;
using System.Text.Json;
using Microsoft.OpenApi;
using Xunit;

namespace Blackwall.Tests.Contracts;

/// <summary>What is wrong with a request is told in the words of the API: who reads it knows fields and no .NET.</summary>
public sealed class ProblemWordsTests : IDisposable
{
    private static readonly string[] Foreign = ["System.", "Blackwall.", "Microsoft.", "Newtonsoft", "Exception", "Nullable", "Int32", "Int64", "`1", "JsonSerializer", "BytePositionInLine"];
    private static readonly string[] Wrong = ["{", "", "[]", "null", "\"text\"", "7", "{\"nonsense\":1}", "{\"a\":}", "\ufffd", "{\"scope\":\"203.0.113.1\",\"scope\":7}"];
    private static readonly string[] Values = ["7", "-7", "1.5", "1e999", "99999999999999999999999", "\"text\"", "\"\"", "true", "null", "[]", "[7]", "[null]", "{}", "{\"a\":1}", "\"2026-13-40\""];

    private readonly RunningAppliance _appliance = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task No_problem_names_a_type_of_dotnet_whatever_is_wrong_with_the_body_or_the_query()
    {
        using HttpClient client = _appliance.Operator();
        List<string> foreign = [];
        int refused = 0;
        foreach ((string path, IOpenApiPathItem item) in (await _appliance.DocumentAsync()).Paths)
        {
            foreach ((HttpMethod method, OpenApiOperation operation) in item.Operations!)
            {
                foreach ((string query, string? body, string type) in Requests(operation))
                {
                    using HttpRequestMessage request = new(method, path.Replace("{id}", "65537", StringComparison.Ordinal).Replace("{address}", "203.0.113.9", StringComparison.Ordinal).TrimStart('/') + query);
                    request.RequestUri = new Uri(client.BaseAddress!, $"/{request.RequestUri}");
                    request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, type);
                    request.Headers.TryAddWithoutValidation("If-Match", "*");
                    using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
                    if ((int)response.StatusCode < 400)
                    {
                        continue;
                    }

                    refused++;
                    string told = await response.Content.ReadAsStringAsync(Cancellation);
                    if (Foreign.FirstOrDefault(word => told.Contains(word, StringComparison.Ordinal)) is { } found)
                    {
                        foreign.Add($"{method} {path}{query} {body}: {found} in {told}");
                    }
                }
            }
        }

        Assert.True(refused > 500, $"only {refused} requests were refused");
        Assert.True(foreign.Count == 0, string.Join('\n', foreign.Take(20)));
    }

    private static IEnumerable<(string Query, string? Body, string Type)> Requests(OpenApiOperation operation)
    {
        foreach (IOpenApiParameter parameter in (operation.Parameters ?? []).Where(parameter => parameter.In == ParameterLocation.Query))
        {
            foreach (string value in new[] { "text", "-7", "99999999999999999999", "%00", "" })
            {
                yield return ($"?{parameter.Name}={value}", null, "");
            }
        }

        foreach (string type in operation.RequestBody?.Content?.Keys.Where(type => type is not "application/json") ?? [])
        {
            foreach (string body in Wrong.Concat(Values.Select(value => $"{{\"kind\":{value}}}")))
            {
                yield return ("", body, type);
            }
        }

        if (operation.RequestBody?.Content is not { } content || !content.TryGetValue("application/json", out IOpenApiMediaType? json))
        {
            yield break;
        }

        foreach (string body in Wrong)
        {
            yield return ("", body, "application/json");
        }

        foreach (string member in json.Schema?.Properties?.Keys ?? [])
        {
            foreach (string value in Values)
            {
                yield return ("", $"{{{JsonSerializer.Serialize(member)}:{value}}}", "application/json");
            }
        }
    }
}
