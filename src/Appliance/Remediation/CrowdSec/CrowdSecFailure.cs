using System.Text.Json;
using Blackwall.Api.Problems;

namespace Blackwall.Remediation.CrowdSec;

/// <summary>Errors as remediation components of CrowdSec read them.</summary>
internal sealed class CrowdSecFailure : IFailureForm
{
    public async Task WriteAsync(HttpContext context, string title, string detail)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        await using Utf8JsonWriter json = new(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("message", detail);
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
