using System.Globalization;
using System.Text.Json;
using Blackwall.Api.Problems;

namespace Blackwall.Intel.Taxii;

/// <summary>Errors as TAXII 2.1 has them (section 3.6.1).</summary>
internal sealed class TaxiiFailure : IFailureForm
{
    public async Task WriteAsync(HttpContext context, string title, string detail)
    {
        context.Response.ContentType = TaxiiMedia.Type;
        await using Utf8JsonWriter json = new(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("title", title);
        json.WriteString("description", detail);
        json.WriteString("error_id", context.TraceIdentifier);
        json.WriteString("http_status", context.Response.StatusCode.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
