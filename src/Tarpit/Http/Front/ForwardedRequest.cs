using Blackwall.Tarpit.Http.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Blackwall.Tarpit.Http.Front;

/// <summary>A request as the proxy's pipeline wants to see it, and what the pipeline answers to it.</summary>
internal sealed class ForwardedRequest : IHttpRequestLifetimeFeature, IHttpRequestBodyDetectionFeature
{
    private readonly HttpResponseFeature _response = new();
    private readonly BoundedBody _body = new();

    public ForwardedRequest(HttpExchange exchange, CancellationToken cancellation)
    {
        HttpRequest request = exchange.Request;
        RequestAborted = cancellation;
        CanHaveBody = !request.Body.IsEmpty;
        HeaderDictionary fields = [];
        foreach (HeaderField field in request.Head.Fields)
        {
            fields.Append(field.Name, field.Value);
        }

        if (CanHaveBody)
        {
            fields.Remove("Transfer-Encoding");
            fields.ContentLength = request.Body.Length;
        }

        Features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Protocol = "HTTP/1.1",
            Scheme = request.IsEncrypted ? "https" : "http",
            Method = request.Method,
            Path = request.Path is "*" ? "/" : request.Path,
            QueryString = request.QueryText.Length == 0 ? "" : "?" + request.QueryText,
            RawTarget = request.Head.Line.Target,
            Headers = fields,
            Body = new MemoryStream(request.Body.ToArray(), writable: false),
        });
        Features.Set<IHttpResponseFeature>(_response);
        Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(_body));
        Features.Set<IHttpRequestLifetimeFeature>(this);
        Features.Set<IHttpRequestBodyDetectionFeature>(this);
        Features.Set(exchange);
    }

    public FeatureCollection Features { get; } = new();

    public CancellationToken RequestAborted { get; set; }

    public bool CanHaveBody { get; }

    public void Abort()
    {
        // What is answered ends the connection by itself.
    }

    /// <summary>What a decoy answered, or the proxy about it.</summary>
    public HttpAnswer ToAnswer()
    {
        HttpAnswer answer = new(_response.StatusCode)
        {
            Body = _body.ToArray(),
            ContentType = _response.Headers.ContentType is { Count: > 0 } type ? type.ToString() : null,
            IsIncompressible = true,
            EndsConnection = _body.IsCut,
        };
        foreach ((string name, StringValues values) in _response.Headers)
        {
            if (name.ToLowerInvariant() is not ("date" or "server" or "connection" or "keep-alive" or "transfer-encoding" or "content-length" or "content-type"))
            {
                foreach (string? value in values)
                {
                    answer.With(name, value ?? "");
                }
            }
        }

        return answer;
    }
}
