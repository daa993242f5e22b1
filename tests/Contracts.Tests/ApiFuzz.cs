using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Blackwall.Health;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Xunit;

namespace Blackwall.Tests.Contracts;

/// <summary>Requests made from the OpenAPI document, more or less broken, to every operation. The seeds are fixed: a failure names its own.</summary>
public sealed class ApiFuzz : IDisposable
{
    private const int RequestsEach = 250;
    private static readonly string[] Segments = ["1", "0", "-1", "65537", "99999999999999999999", "abc", "203.0.113.9", "2001:db8::1", "%2e%2e", "1%2F2", "a b", "%F0%9F%98%80", "..%2f..%2fetc"];
    private static readonly string[] Tags = ["*", "\"x\"", "W/\"x\"", "x", "\"", ",,,", "\"a\", \"b\""];
    private static readonly string[] Types = ["application/json", "application/json; charset=utf-8", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "application/json; charset=nonsense"];
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "NONSENSE"];

    private readonly RunningAppliance _appliance = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task No_request_makes_the_appliance_fail_and_every_refusal_is_a_problem_that_names_what_is_wrong()
    {
        HttpClient client = _appliance.Operator();
        VerdictBoard board = _appliance.Services.GetRequiredService<VerdictBoard>();
        OpenApiDocument document = await _appliance.DocumentAsync();
        string viewer = _appliance.NewKey(HealthScopes.Read);
        Dictionary<int, int> answers = [];
        Dictionary<string, int> byOperation = new(StringComparer.Ordinal);
        foreach ((string path, IOpenApiPathItem item) in document.Paths)
        {
            foreach ((HttpMethod method, OpenApiOperation operation) in item.Operations!)
            {
                for (int i = 0; i < RequestsEach; i++)
                {
                    // What there is, so that some requests speak about something.
                    long[] ids = [.. board.List(new DecisionQuery(null, null, Origin.Operator, null, long.MaxValue, 5)).Items.Select(rule => rule.Id)];
                    // Not HashCode: that is seeded by process.
                    int seed = operation.OperationId!.Aggregate(17, (sum, letter) => unchecked((sum * 31) + letter)) + i;
                    using HttpRequestMessage request = Make(new Random(seed), path, method, operation, viewer, ids);
                    string told = $"{operation.OperationId}, seed {seed}: {request.Method} {request.RequestUri}";
                    bool own = request.Headers.Contains("Authorization");
                    using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
                    if (response.StatusCode == HttpStatusCode.Unauthorized && !own)
                    {
                        // It deleted its own key, or gave it another secret.
                        client = _appliance.Operator();
                    }

                    answers[(int)response.StatusCode] = answers.GetValueOrDefault((int)response.StatusCode) + 1;
                    string answered = $"{operation.OperationId} {(int)response.StatusCode}";
                    byOperation[answered] = byOperation.GetValueOrDefault(answered) + 1;
                    await JudgeAsync(told, request, operation, response);
                }
            }
        }

        // It got through to what it fuzzes.
        Assert.All(new[] { 200, 201, 204, 400, 401, 403, 404, 405, 409, 412, 415, 422, 428 }, status => Assert.True(answers.ContainsKey(status), $"no request was answered {status}: {string.Join(", ", byOperation)}"));
    }

    private async Task JudgeAsync(string told, HttpRequestMessage request, OpenApiOperation operation, HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        string body = status >= 400 ? await response.Content.ReadAsStringAsync(Cancellation) : "";
        Assert.True(status is < 500, $"{told} was answered {status}: {body}\n{_appliance.Failures.Last}");
        bool meant = response.RequestMessage is not null && status < 400;
        Assert.True(!meant || operation.Responses!.ContainsKey($"{status}") || request.Method.Method is "HEAD" or "OPTIONS" || request.Headers.Contains("X-Other-Method"), $"{told} was answered {status}, which the document does not know");
        if (status < 400 || request.Method == HttpMethod.Head)
        {
            return;
        }

        Assert.True(response.Content.Headers.ContentType?.MediaType is "application/problem+json", $"{told} was answered {status} as {response.Content.Headers.ContentType}");
        JsonNode problem = JsonNode.Parse(body)!;
        Assert.Equal(status, (int)problem["status"]!);
        Assert.True(((string?)problem["detail"])?.Length > 0, told);
        Assert.True(status is not (400 or 422) || problem["errors"] is JsonObject { Count: > 0 }, $"{told} was answered {status} without a field: {body}");
    }

    private static HttpRequestMessage Make(Random random, string path, HttpMethod method, OpenApiOperation operation, string viewer, long[] ids)
    {
        BodyExamples examples = new(random);
        List<string> query = [];
        HttpRequestMessage request = new() { Method = method };
        foreach (IOpenApiParameter parameter in operation.Parameters ?? [])
        {
            if (parameter.In == ParameterLocation.Path)
            {
                path = path.Replace($"{{{parameter.Name}}}", random.Next(3) == 0 ? Segments[random.Next(Segments.Length)] : random.Next(1, 12) is var id && parameter.Name is "id" ? $"{(random.Next(2) == 0 || ids.Length == 0 ? id : ids[random.Next(ids.Length)])}" : "203.0.113.9", StringComparison.Ordinal);
            }
            else if (random.Next(3) == 0 && parameter.In == ParameterLocation.Query)
            {
                string value = examples.Of(parameter.Schema)?.ToString() ?? "";
                query.Add($"{parameter.Name}={Uri.EscapeDataString(value.Length > 2000 ? value[..2000] : value)}");
            }
            else if (random.Next(3) > 0 && parameter.In == ParameterLocation.Header)
            {
                request.Headers.TryAddWithoutValidation(parameter.Name!, Tags[random.Next(Tags.Length)]);
            }
        }

        request.RequestUri = new Uri(path + (query.Count == 0 ? "" : "?" + string.Join('&', query)), UriKind.Relative);
        if (random.Next(20) == 0)
        {
            request.Method = new HttpMethod(Methods[random.Next(Methods.Length)]);
            request.Headers.Add("X-Other-Method", "1");
        }

        if (random.Next(20) == 0)
        {
            request.Headers.TryAddWithoutValidation("Authorization", random.Next(3) switch { 0 => "Bearer bw_wrong", 1 => "Basic YTpi", _ => $"Bearer {viewer}" });
        }

        if (operation.RequestBody?.Content?.FirstOrDefault() is { Value: { } wanted } pair && request.Method.Method is not ("GET" or "HEAD" or "TRACE"))
        {
            request.Content = Body(random, examples, pair.Key, wanted);
        }

        return request;
    }

    private static ByteArrayContent Body(Random random, BodyExamples examples, string type, IOpenApiMediaType wanted)
    {
        byte[] bytes = type is "text/plain"
            ? Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, random.Next(5)).Select(_ => examples.Text())))
            : JsonSerializer.SerializeToUtf8Bytes(examples.Of(wanted.Schema));
        switch (random.Next(15))
        {
            case 0:
                bytes = bytes[..random.Next(bytes.Length + 1)];
                break;
            case 1:
                bytes = Encoding.UTF8.GetBytes(new string('[', 2000));
                break;
            case 2 when bytes.Length > 0:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                break;
            case 3:
                bytes = new byte[random.Next(100_000)];
                break;
        }

        ByteArrayContent content = new(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(random.Next(10) == 0 ? Types[random.Next(Types.Length)] : type);
        return content;
    }
}
