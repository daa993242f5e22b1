using System.Text;
using Blackwall.Tarpit.Http.Wire;

namespace Blackwall.Tarpit.Http;

/// <summary>What a persona answers; the face of the server (Date, Server, framing, connection) is put around it.</summary>
internal sealed class HttpAnswer(int status)
{
    public int Status => status;

    /// <summary>In the order in which they are sent, without those of the face and without Content-Type, which is the last.</summary>
    public List<HeaderField> Fields { get; } = [];

    public string? ContentType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>It was made by a script: its length is not known ahead when it is long.</summary>
    public bool IsScript { get; init; }

    /// <summary>Which part of the whole it is: the Content-Range field.</summary>
    public string? ContentRange { get; init; }

    /// <summary>Its length is not known when its head is sent.</summary>
    public bool HasNoLength { get; init; }

    /// <summary>The connection ends after it, which its head does not say.</summary>
    public bool EndsSilently { get; init; }

    /// <summary>The connection ends after it.</summary>
    public bool EndsConnection { get; init; }

    /// <summary>Already compressed, or not worth it.</summary>
    public bool IsIncompressible { get; init; }

    public HttpAnswer With(string name, string value)
    {
        Fields.Add(new HeaderField(name, value));
        return this;
    }

    /// <summary>A page of a script.</summary>
    public static HttpAnswer Page(string html, int status = 200) => Script(html, "text/html; charset=UTF-8", status);

    /// <summary>Text of a script.</summary>
    public static HttpAnswer Script(string text, string contentType, int status = 200) => new(status) { Body = Encoding.UTF8.GetBytes(text), ContentType = contentType, IsScript = true };

    /// <summary>A redirect of a script.</summary>
    public static HttpAnswer Redirect(string location, int status = 302) => new HttpAnswer(status) { ContentType = "text/html; charset=UTF-8", IsScript = true }.With("Location", location);
}
