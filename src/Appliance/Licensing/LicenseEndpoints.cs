using System.Text;
using System.Text.Json;
using Blackwall.Api;
using Blackwall.Api.Auditing;
using Blackwall.Api.Keys;
using Blackwall.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blackwall.Licensing;

/// <summary>/license: what this installation is licensed for.</summary>
internal static class LicenseEndpoints
{
    private const string Plain = "text/plain";

    public static void MapLicense(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("/license").WithTags("license");
        group.MapGet("", Get).WithName("getLicense").Needs(null).Produces<LicenseBody>();
        group.MapPut("", PutAsync).WithName("putLicense").Needs(Scope.Admin).Accepts<string>(Plain).Produces<LicenseBody>().Refuses(400, 409, 413, 415, 422, 503).WithMetadata(new BodyLimit(SignedFile.MaxBytes));
    }

    /// <summary>What this installation is licensed for, and what it may use of it.</summary>
    private static Ok<LicenseBody> Get(LicenseBook license) => TypedResults.Ok(license.Describe());

    /// <summary>Takes a licence file. One that does not count changes nothing.</summary>
    private static async Task<IResult> PutAsync(HttpContext context, LicenseBook license)
    {
        using StreamReader body = new(context.Request.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        string text = await body.ReadToEndAsync(context.RequestAborted);
        string before = JsonSerializer.Serialize(license.Describe(), LicenseJson.Default.LicenseBody);
        try
        {
            if (license.Put(text) is { } wrong)
            {
                return new Problem(StatusCodes.Status422UnprocessableEntity, $"The licence does not count: {wrong}", new Dictionary<string, string[]>(StringComparer.Ordinal) { ["body"] = [wrong] });
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Problem.Create(StatusCodes.Status503ServiceUnavailable, $"The licence cannot be stored: {failure.Message}");
        }

        AuditNote note = AuditNote.For(context);
        (note.Before, note.After) = (before, JsonSerializer.Serialize(license.Describe(), LicenseJson.Default.LicenseBody));
        return TypedResults.Ok(license.Describe());
    }
}
