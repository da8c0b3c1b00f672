module helmbatch

go 1.26.0

// The oldest of what the two versions of Helm require, so that neither is moved away from its own.
require (
	k8s.io/apimachinery v0.32.2
	sigs.k8s.io/yaml v1.4.0
)

require sigs.k8s.io/json v0.0.0-20241010143419-9aa6b5e7a4b3 // indirect
