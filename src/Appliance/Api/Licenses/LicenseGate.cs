using System.Globalization;
using Blackwall.Api.Keys;
using Blackwall.Api.Problems;

namespace Blackwall.Api.Licenses;

/// <summary>Middleware: endpoints that a licence adds are open as far as it goes. Endpoints without <see cref="Licensed"/> are nobody's to close.</summary>
internal sealed class LicenseGate(RequestDelegate next, ILicense license, RequestMeter meter)
{
    /// <summary>Type of the problem.</summary>
    public const string ProblemType = "license-limit";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Licensed>() is { } needed && context.Features.Get<Caller>() is { } caller)
        {
            LicenseTier tier = license.Tier;
            LicenseLimits limits = LicenseMatrix.LimitsOf(tier);
            if (needed.Feature is { } feature && !LicenseMatrix.Has(tier, feature))
            {
                await Refuse(tier, LicenseMatrix.NeededFor(feature)).ExecuteAsync(context);
                return;
            }

            if (limits.RequestsPerMinute is { } most && meter.Count(caller.Key.Id, most) is { } wait)
            {
                context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                await new Problem(StatusCodes.Status429TooManyRequests, string.Create(CultureInfo.InvariantCulture, $"The licence ({tier}) allows {most} requests a minute for each key."), null) { Type = ProblemType }.ExecuteAsync(context);
                return;
            }

            context.Items[nameof(PageLimit)] = limits.PageSize;
            if (license.GraceEnds is { } ends)
            {
                context.Response.Headers["X-Blackwall-License"] = string.Create(CultureInfo.InvariantCulture, $"expired; grace ends {ends:yyyy-MM-dd'T'HH:mm:ss'Z'}");
            }
        }

        await next(context);
    }

    /// <summary>403 that names the tier that is needed.</summary>
    public static Problem Refuse(LicenseTier tier, LicenseTier needed) => new(
        StatusCodes.Status403Forbidden, $"This needs the licence tier {needed}; this installation has {tier}.", new Dictionary<string, string[]>(StringComparer.Ordinal) { ["tier"] = [$"{needed}"] }) { Type = ProblemType };
}
