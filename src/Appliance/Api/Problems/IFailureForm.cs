namespace Blackwall.Api.Problems;

/// <summary>Endpoint metadata: failures have the form that the protocol of the endpoint gives them, in place of RFC 9457.</summary>
internal interface IFailureForm
{
    /// <summary>Writes the whole answer but for its status.</summary>
    /// <param name="context">The request; its status is set.</param>
    /// <param name="title">The status in words.</param>
    /// <param name="detail">One sentence for a person.</param>
    Task WriteAsync(HttpContext context, string title, string detail);
}
