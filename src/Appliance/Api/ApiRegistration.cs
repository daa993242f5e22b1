using System.Reflection;
using Blackwall.Api.Auditing;
using Blackwall.Api.Connections;
using Blackwall.Api.Keys;
using Blackwall.Api.Licenses;
using Blackwall.Api.Problems;
using Blackwall.Api.Tls;
using Blackwall.Config;
using Blackwall.Pipeline.Ports;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Blackwall.Api;

public static class ApiRegistration
{
    /// <summary>Name of the OpenAPI document.</summary>
    public const string Document = "blackwall";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        // Thrown, a broken body or parameter reaches the problem writer with its reason.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelSettings>();
        services.AddSingleton<TlsIdentity>();
        services.AddHostedService(s => s.GetRequiredService<TlsIdentity>());
        services.AddSingleton<IReloadable>(s => s.GetRequiredService<TlsIdentity>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<TlsIdentity>());
        services.AddSingleton<ConnectionGate>();
        services.AddSingleton<IStatsSource>(s => s.GetRequiredService<ConnectionGate>());
        services.AddSingleton<LocalSocket>();
        services.AddHostedService(s => s.GetRequiredService<LocalSocket>());
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<LocalSocket>());
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc(Document, new OpenApiInfo { Title = "Blackwall", Version = "v1", Description = "Control plane of a Blackwall appliance." });
            swagger.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, $"{Assembly.GetExecutingAssembly().GetName().Name}.xml"));
            swagger.AddSecurityDefinition("key", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key from /api/v1/keys, or the admin key from admin.key in the state folder. Each operation names the scope that the key needs." });
            swagger.OperationFilter<KeyRequirement>();
            swagger.SchemaFilter<SchemaWords>();
            swagger.ParameterFilter<SchemaWords>();
            swagger.SupportNonNullableReferenceTypes();
            swagger.NonNullableReferenceTypesAsRequired();
        });
        return services;
    }

    /// <summary>The control plane's request pipeline.</summary>
    public static void UseApi(this WebApplication app)
    {
        app.UseMiddleware<ProblemWriter>();
        app.UseSwagger();
        app.UseSwaggerUI(ui => ui.SwaggerEndpoint($"/swagger/{Document}/swagger.json", "Blackwall"));
        app.UseRouting();
        app.UseMiddleware<AuditTrail>();
        app.UseMiddleware<KeyGate>();
        app.UseMiddleware<LicenseGate>();
        app.Use(QueryNames.ApplyAsync);
        app.Use(BodyLimit.ApplyAsync);
        app.Use(BodyCharset.ApplyAsync);
    }

    /// <summary>Where features map their endpoints: /api/v1, with an audit entry for each change and 304 for what did not change.</summary>
    public static RouteGroupBuilder MapApi(this WebApplication app)
    {
        RouteGroupBuilder api = app.MapGroup("/api/v1");
        api.AddEndpointFilter<AuditFilter>();
        api.AddEndpointFilter<NotModified>();
        return api;
    }
}
