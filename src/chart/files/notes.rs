//! `templates/NOTES.txt`: what Helm prints after an installation.

use std::fmt::Write as _;

use super::{Chart, Fault, Secret};
use crate::params::{Go, Root};

/// The switch for an Ingress.
const EXPOSED: &str = "exposure.ingress.enabled";
/// The public address, and the host in it.
const URL: &str = "publicUrl";
const HOST: &str = "domain";
/// The Secret with the certificate.
pub const CERTIFICATE: &str = "exposure.ingress.tls.secret";
/// Whether HTTPS is served, and the issuer that makes the certificate.
const HTTPS: &str = "https";
const ISSUER: &str = "exposure.ingress.tls.issuer";

/// The template.
pub fn text(chart: &Chart) -> Result<String, Fault> {
    let mut out = String::from(
        "{{ .Chart.Name }} {{ .Chart.AppVersion }} is the release {{ .Release.Name }} in the namespace {{ .Release.Namespace }}.\n",
    );
    // Writing into a String cannot fail.
    let _ = write!(
        out,
        "{{{{- if {} }}}}\n\nPeople find it at {}\n",
        condition(chart, EXPOSED)?,
        value(chart, URL)?
    );
    if let Some(front) = chart.front {
        let _ = write!(
            out,
            "{{{{- else }}}}\n\nNo Ingress leads to it. Inside the cluster http://{{{{ .Release.Name }}}}-{}:{} answers to the host {}\n",
            front.component,
            front.port,
            value(chart, HOST)?
        );
    }
    out.push_str("{{- end }}\n\nPods wait until these Secrets exist, with these keys:\n\n");
    for secret in chart.secrets {
        out.push_str(&entry(chart, secret)?);
    }
    let _ = write!(
        out,
        "{{{{- if and {} (not {}) }}}}\n  {}: tls.crt, tls.key\n{{{{- end }}}}\n",
        condition(chart, HTTPS)?,
        chart.registry.path(known(chart, ISSUER)?, Root::Dot),
        value(chart, CERTIFICATE)?
    );
    out.push_str(NEXT);
    for job in chart.jobs {
        let _ = writeln!(
            out,
            "  kubectl -n {{{{ .Release.Namespace }}}} logs job/{{{{ .Release.Name }}}}-{}",
            job.component
        );
    }
    out.push_str(TEST);
    Ok(out)
}

const NEXT: &str = "
What runs, and what the Jobs of this installation did:

  kubectl -n {{ .Release.Namespace }} get pods
";

const TEST: &str = "
Whether it answers:

  helm test {{ .Release.Name }} -n {{ .Release.Namespace }} --logs
";

fn entry(chart: &Chart, secret: &Secret) -> Result<String, Fault> {
    let keys: Vec<_> = secret.keys.iter().map(|key| key.key).collect();
    let line = format!("  {}: {}\n", value(chart, secret.name)?, keys.join(", "));
    Ok(match secret.when {
        None => line,
        Some(switch) => format!(
            "{{{{- if {} }}}}\n{line}{{{{- end }}}}\n",
            condition(chart, switch)?
        ),
    })
}

/// The expression of a text, in braces.
fn value(chart: &Chart, name: &str) -> Result<String, Fault> {
    let go = Go::Name(known(chart, name)?.to_owned());
    let pipeline = chart.registry.pipeline(&go, Root::Dot);
    Ok(format!("{{{{ {pipeline} }}}}"))
}

/// The expression of a switch, as `if` takes it.
fn condition(chart: &Chart, name: &str) -> Result<String, Fault> {
    let go = Go::Name(known(chart, name)?.to_owned());
    Ok(chart.registry.condition(&go, Root::Dot))
}

fn known<'n>(chart: &Chart, name: &'n str) -> Result<&'n str, Fault> {
    match chart.registry.get(name) {
        Some(_) => Ok(name),
        None => Err(Fault::NoName {
            name: name.to_owned(),
        }),
    }
}
